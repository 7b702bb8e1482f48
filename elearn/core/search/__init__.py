"""Finding words in seven languages, four of which write no spaces: what a text and a query are made of.

Pure: canonical text, terms, the plan of a query, the marks in a hit. Where words begin and end is told by the caller
(`Breaks`), the postings live in an adapter.
"""

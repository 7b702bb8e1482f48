"""Anyone: is this certificate good?"""

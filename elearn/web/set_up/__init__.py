"""The first start: naming the post and its first administrator."""

"""Hold the forms of the API: what a request says and what an answer shows.

The node that answers and the client that asks read and write the same ones.
"""

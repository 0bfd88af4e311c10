"""Parts of the real-media check: what to fetch, how to alter it, what truth to expect.

The scripts one folder up are the commands; these modules hold what they share.
"""

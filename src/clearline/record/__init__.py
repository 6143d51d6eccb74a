"""Show what a case holds, and hand it out; the other half of the line.

opening   a text is compared with what annotates it
views     a case by question, by time, by place, by consequence
settling  what the record would have settled, from a signed ledger
matrix    who knew what when, from the same
page      one report that needs nothing else
out       tables, places and linked data for others
folder    writes all of it, whole or not at all
"""

"""Take files in and hand files out, so that desks keep their tools.

formats   which format a file has, and how it is split into what it tells
packed    what comes zipped, within bounds
layouts   the columns of the sheets; sheets reads and writes them, cells what is in them
taking    rows and features made notices: site_rows, movement_rows, shapes; fields flat
intake    a whole file, row by row, with what is wrong
handing   notices made files, with what is left out; handed_rows for sheets
drawing   outlines of circles and sectors, for tools that only draw rings
"""

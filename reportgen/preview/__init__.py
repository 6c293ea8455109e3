"""The preview: a local page that shows the report as it will be, and follows every edit.

The server (``serve``, ``app``, ``controller``) answers the browser and never loads what renders or trains.
A child of it (``worker``, ``renderer``) holds the opened project and says what the page shows.
"""

"""The preview: a local page that shows the report as it will be, and follows every edit.

``server`` answers the browser and never loads what renders or trains; a render child (``worker``) holds the opened
project and says what the page shows, in parts (``parts``).
"""

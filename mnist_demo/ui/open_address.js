// What the page was opened with, for the server.
() => (window.openedWith ??= window.location.search)

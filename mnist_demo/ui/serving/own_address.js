// The page asks for all else below the address that it was opened by. The server only knows what the proxy in front of
// it tells, and not every one tells the path, the port or that it speaks https. Once the page's settings are there, and
// before its modules run.
document.addEventListener('readystatechange', () => {
  window.gradioInternals.setRoot(window.location.origin + window.location.pathname.replace(/\/$/, ''));
}, { once: true });

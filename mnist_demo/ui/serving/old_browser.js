// One sentence, in the browser's language, where the page cannot work: in the JavaScript of 2009, for a browser that
// cannot run the page's own scripts runs this one.
(function () {
  function runs(code) {
    try {
      return Boolean(new Function(code));
    } catch (error) {
      return false;
    }
  }

  function isNew() {
    return (
      runs('a ??= b?.c') &&
      Boolean(Array.prototype.at && window.AbortController && window.ResizeObserver && window.PointerEvent) &&
      Boolean(window.createImageBitmap && window.CSS && CSS.supports) &&
      CSS.supports('selector(:has(a))') &&
      CSS.supports('color', 'color-mix(in srgb, red, blue)') &&
      CSS.supports('selector(&)') // nested styles
    );
  }

  function tell() {
    var asked = /[?&]language=(\w+)/.exec(window.location.search);
    var language = asked ? asked[1] : (navigator.language || navigator.userLanguage || '').slice(0, 2).toLowerCase();
    var line = document.createElement('p');
    line.id = 'old-browser';
    line.setAttribute('role', 'alert');
    line.style.cssText = 'margin: 0; padding: 12px 16px; background: #fff3c4; color: #1f2937; font: 16px sans-serif';
    line.appendChild(document.createTextNode(oldBrowserWords[language] || oldBrowserWords.en));
    document.body.insertBefore(line, document.body.firstChild);
  }

  if (!isNew()) document.addEventListener('DOMContentLoaded', tell);
})();

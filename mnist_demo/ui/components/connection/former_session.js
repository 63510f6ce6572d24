// The session of the page that was in this tab before it was loaded again: the server knows by it what was its
// visitor's. A tab keeps it for itself; its copy has it too, but asks for it only when it is loaded again itself.
window.formerSession = (() => {
  const NAME = 'mnist-demo-session';
  const AGAIN = ['reload', 'back_forward'];
  return {
    find() {
      const [{ type } = {}] = performance.getEntriesByType('navigation');
      try {
        return AGAIN.includes(type) ? (sessionStorage.getItem(NAME) ?? '') : '';
      } catch {
        return ''; // the browser stores nothing for this page
      }
    },
    keep(session) {
      try {
        sessionStorage.setItem(NAME, session);
      } catch {
        // likewise
      }
    },
  };
})();

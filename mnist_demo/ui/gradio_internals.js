// All that our scripts know of the inside of Gradio's page, which its documentation does not promise; nothing
// else may. Seen in Gradio 6.31.0; tests/browser/test_gradio_internals.py says which of it another version has
// changed. gradio_internals.py holds what the server's side knows.
window.gradioInternals = (() => {
  const api = '/gradio_api/';
  const holds = (part) => (url) => url.includes(part);
  // What the page's script of that name exports; nothing, where the page has none.
  async function exportsOf(name) {
    const scripts = performance.getEntriesByType('resource').map((one) => one.name);
    const found = scripts.find((script) => new RegExp(`/assets/${name}-[^/]*\\.js$`).test(script));
    return found ? Object.values(await import(found)) : [];
  }
  return {
    // Where the page finds its server; before Gradio's own script begins.
    setRoot(address) {
      if (window.gradio_config) window.gradio_config.root = address;
    },
    // The path that a proxy serves the page below, without a slash at its end.
    basePath: () => new URL(window.gradio_config?.root || '/', window.location).pathname.replace(/\/$/, ''),
    // The server that made the page; it has another id once it is started anew.
    appId: () => window.gradio_config.app_id,
    appIdPath: () => `${window.gradio_config.api_prefix.slice(1)}/app_id`, // answers { app_id }
    isCall: holds(api), // whatever Gradio's client asks its server for
    isJoin: holds(`${api}queue/join`), // puts a run into the queue; answers { event_id }
    isStream: holds(`${api}queue/data`), // the messages of all runs of this page, as server-sent events
    isHeartbeat: holds(`${api}heartbeat/`), // held open as long as the page is: its end is the page's end
    sessionOf: (heartbeat) => new URL(heartbeat, window.location).pathname.split('/').pop(),
    // What ends these runs and then their stream. A message that Gradio does not know ends a run quietly, and
    // what is to follow that run begins.
    endOfStream(runs) {
      const ends = runs.map((run) => ({ msg: 'broken_off', event_id: run }));
      return [...ends, { msg: 'close_stream' }].map((message) => `data: ${JSON.stringify(message)}\n\n`).join('');
    },
    hasEnded: holds('close_stream'),
    // A message of a server that knows nothing of this page.
    isFromAnother: (text) => /"session_not_found": ?true/.test(text),
    // Gradio's own words, such as its footer's, in another language: by the store of it, among what its script
    // of that name exports. Where it is not found, they stay as they are. The store sets the page's `lang`, after
    // it has fetched what it has not yet of that language.
    async setLanguage(language) {
      const stores = await exportsOf('runtime');
      stores.find((one) => one?.subscribe && one.set)?.set(language);
    },
    // At each step of any event, the page copies all that each component holds which an event has ever read or
    // written, deeply, to mark how far that event is: with panels open that takes longer than all else. What shows
    // no progress is no longer marked. Where its class is not found, all is as it was.
    async spareHiddenProgress() {
      const status = (await exportsOf('statustracker')).find((one) => one?.prototype?.resolve_args)?.prototype;
      if (!status) return;
      const { resolve_args: resolve } = status;
      status.resolve_args = function resolveShown(event) {
        return this.show_progress[event.fn_index] === 'hidden' ? [] : resolve.call(this, event);
      };
    },
  };
})();

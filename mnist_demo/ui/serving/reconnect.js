// Keeps the page alive while its server is away. Left alone, Gradio's client takes no more input after
// the first request that fails, and reloads the page when the server answers again: the drawing and the
// curves are lost. So here, around the browser's own fetch,
// - a request that does not reach the server waits until one does, and is sent again;
// - a stream of answers that breaks off ends as if its runs had been cancelled: no button is left waiting.
// The events 'server-lost' and 'server-back' tell of it. And Gradio's client holds a request open for as long as
// the page is, of which a browser has six for all tabs: here the page sends word instead, see presence.py.
(() => {
  const gradio = window.gradioInternals;
  const SOONEST = 500; // milliseconds between two questions whether the server is back
  const LATEST = 8000;
  const PRESENT_EVERY = 15_000; // milliseconds between two words that the page is open
  const send = window.fetch.bind(window);
  const runs = []; // the ids of what was put into the queue since the last break
  let app = null; // the server's id: it changes when the server is started anew
  let away = null; // a promise for its return
  let leaving = false;
  let session = null; // the page's, once Gradio's client has told it

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  // An address of the server, also where a proxy serves the page below a path.
  window.serverAddress = (path) => `${window.location.origin}${gradio.basePath()}/${path}`;

  function asksServer(url) {
    const { href, pathname } = new URL(url, window.location);
    return gradio.isCall(pathname) || href === window.serverAddress('answer');
  }

  // The answer; null where the server is not there, which a proxy in front of it tells with a page.
  async function reach(input, init) {
    try {
      const answer = await send(input instanceof Request ? input.clone() : input, init);
      const isPage = !answer.headers.get('content-type')?.includes('json');
      return [502, 503, 504].includes(answer.status) && isPage ? null : answer;
    } catch (error) {
      if (error.name === 'AbortError' || leaving) throw error;
      return null;
    }
  }

  // At the latest after so many milliseconds; sooner where the network or the visitor comes back.
  function pause(milliseconds) {
    return new Promise((resolve) => {
      const wake = new AbortController();
      const end = () => {
        wake.abort();
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      window.addEventListener('online', end, { signal: wake.signal });
      document.addEventListener('visibilitychange', end, { signal: wake.signal });
    });
  }

  async function findServer() {
    const address = window.serverAddress(gradio.appIdPath());
    for (let wait = SOONEST; ; wait = Math.min(wait * 1.5, LATEST)) {
      const answer = await reach(address, { cache: 'no-store' });
      if (answer?.ok) {
        const { app_id: now } = await answer.json();
        const anew = now !== (app ?? gradio.appId());
        app = now;
        return anew;
      }
      if (wait === SOONEST) tell('server-lost'); // not for a single request that failed
      await pause(wait);
    }
  }

  function waitForServer() {
    away ??= findServer().then((anew) => {
      away = null;
      tell('server-back', { anew });
    });
    return away;
  }

  // What ends the runs of a stream that broke off.
  function endings() {
    waitForServer();
    return new TextEncoder().encode(gradio.endOfStream(runs.splice(0)));
  }

  // Of a server that took the place of the page's own, as behind nginx, and knows nothing of these runs.
  const isFromAnother = (bytes) => gradio.isFromAnother(new TextDecoder().decode(bytes));

  // A stream of answers in which every run comes to an end.
  function withEndings(answer, signal) {
    const reader = answer.body.getReader();
    let last = new Uint8Array();
    const isOver = () => signal?.aborted || leaving || gradio.hasEnded(new TextDecoder().decode(last));
    const body = new ReadableStream({
      async pull(stream) {
        const { value, done } = await reader.read().catch(() => ({ done: true }));
        if (!done && !isFromAnother(value)) {
          last = value.slice(-100);
          stream.enqueue(value);
          return;
        }
        if (!isOver()) stream.enqueue(endings());
        stream.close();
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(body, answer);
  }

  const presence = (open) => [window.serverAddress('presence'), JSON.stringify({ session, open })];

  async function tellPresence() {
    if (session === null || away || leaving) return;
    const [address, body] = presence(true);
    const answer = await reach(address, { method: 'POST', body }).catch(() => undefined); // the page is closed
    if (answer === null) waitForServer();
    const now = answer?.ok ? (await answer.json().catch(() => null))?.app_id : undefined;
    if (now === undefined) return;
    const anew = now !== (app ?? gradio.appId());
    app = now;
    if (anew) tell('server-back', { anew }); // it was away in between
  }

  // What Gradio's client gets for the request that it holds open: a stream in which nothing ever comes.
  function stayOpen(url) {
    if (session === null) setInterval(tellPresence, PRESENT_EVERY);
    session = gradio.sessionOf(url);
    tellPresence();
    return new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } });
  }

  document.addEventListener('server-back', tellPresence);
  document.addEventListener('visibilitychange', tellPresence);
  window.addEventListener('pagehide', ({ persisted }) => {
    leaving = true;
    // A page that the browser keeps may be shown again: where it is not, its silence tells.
    if (session !== null && !persisted) navigator.sendBeacon(...presence(false));
  });
  window.addEventListener('pageshow', () => {
    leaving = false;
    tellPresence();
  });

  window.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!asksServer(url)) return send(input, init);
    if (gradio.isHeartbeat(url)) return stayOpen(url);
    for (;;) {
      const answer = await reach(input, init);
      if (gradio.isStream(url)) {
        // Not asked for again: a server that was started anew knows nothing of these runs.
        return answer?.ok ? withEndings(answer, input.signal ?? init?.signal) : new Response(endings());
      }
      if (!answer) {
        await waitForServer();
        continue;
      }
      if (gradio.isJoin(url) && answer.ok) runs.push((await answer.clone().json()).event_id);
      return answer;
    }
  };
})();

// The tab that is shown, in the address; Draw is the first one, and needs none. The first tab is
// selected before the address is read: what was asked for is kept.
(tab) => {
  window.openedWith ??= window.location.search;
  const address = new URL(window.location);
  if (tab === 'draw') address.searchParams.delete('tab');
  else address.searchParams.set('tab', tab);
  window.history.replaceState(window.history.state, '', address);
}

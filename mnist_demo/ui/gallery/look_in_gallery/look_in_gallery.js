// The report of a run asks for its digits by 'look-in-gallery' of the document; props.value = what it tells, with 'ask'.
// Where the page was opened with parameters of the Gallery, it is { search }, with 'open_view'.
document.addEventListener('look-in-gallery', ({ detail }) => {
  props.value = detail;
  trigger('ask');
});
const search = (window.openedWith ??= window.location.search);
if ([...new URLSearchParams(search).keys()].some((name) => name.startsWith('gallery_'))) {
  props.value = { search };
  trigger('open_view');
}

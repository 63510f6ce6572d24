// How far a run is. props.value = { share: 0..1, line: text, facts: [[name, text], ...], note: text, curves, layers,
// waits }: the curves of the run under way, as JSON, go on to the charts, and its layers to the network's blocks; ''
// where none is under way. waits: whether one is to begin.
const speak = makeSpeaker(element.querySelector('.spoken'), 2000);
const bar = element.querySelector('.bar');
const line = element.querySelector('.line');
const note = element.querySelector('.note');
const facts = element.querySelector('.facts');

function show() {
  const { value } = props;
  bar.style.width = `${(value?.share ?? 0) * 100}%`;
  line.textContent = translate(value?.line ?? '');
  note.textContent = translate(value?.note ?? '');
  document.dispatchEvent(new CustomEvent('curves', { detail: value?.curves ? JSON.parse(value.curves) : null }));
  document.dispatchEvent(new CustomEvent('activity', { detail: value?.layers ? JSON.parse(value.layers) : null }));
  const training = Boolean(value?.curves || value?.waits);
  document.dispatchEvent(new CustomEvent('at-stake', { detail: { training } }));
  facts.replaceChildren(
    ...(value?.facts ?? []).map(([name, text]) => {
      const fact = document.createElement('div');
      for (const [tag, content] of [['dt', name], ['dd', text]]) {
        const part = document.createElement(tag);
        part.textContent = translate(content);
        fact.append(part);
      }
      return fact;
    }),
  );
}

keepShowing(show);
watch('value', () => speak(line.textContent));

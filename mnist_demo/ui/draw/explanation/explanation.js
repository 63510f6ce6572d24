// Inside the network. What is shown is a list of what sections.js shows.
keepShowingAnswer((sections) => part.replaceChildren(...sections.map(section)));

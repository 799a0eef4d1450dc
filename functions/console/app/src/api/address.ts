// The API is where the console is, one path up: `<base href="…/console/">`.
export const API = new URL('..', document.baseURI).href.replace(/\/$/, '');

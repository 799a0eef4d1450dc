// Where we are: `#/imports?status=failed`. A link shows the same to whoever opens it.

interface Route {
  path: string[];
  query: URLSearchParams;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

let current = $state.raw(read());
addEventListener('hashchange', () => (current = read()));

export const route = {
  get path() {
    return current.path;
  },
  get query() {
    return current.query;
  },
};

export function href(path: (string | number)[], query: Record<string, string> | URLSearchParams = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${path.map((it) => encodeURIComponent(it)).join('/')}${search && `?${search}`}`;
}

export const go = (to: string) => {
  location.hash = to;
};

/** Changes parameters of this address; an empty value takes one away. No step of the history. */
export function setQuery(changes: Record<string, string>) {
  const query = new URLSearchParams(current.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  history.replaceState(null, '', href(current.path, query));
  current = read();
}

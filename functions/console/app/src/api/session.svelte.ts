// Who is signed in. The refresh token is in a cookie that no script can read; the access token is
// kept in memory only. A reload asks for a new one, and tabs take turns, so that one cookie is
// never exchanged twice at the same time.

import { API } from './address';
import { asRefusal, refusalOf } from './refusal';

const HEADERS = { 'Content-Type': 'application/json', 'X-Collect-Console': '1' };
/** An access token lives 30 minutes; a new one is asked for before it ends. */
const FRESH_FOR = 25 * 60 * 1000;

type Phase = 'unknown' | 'out' | 'in';
type Told = { access: string } | 'signed-out' | 'signed-in';

export const session = $state<{ phase: Phase; why: string }>({ phase: 'unknown', why: '' });

let access: string | null = null;
let since = 0;

/** Says that somebody has signed in here, and nothing else: a first visit asks for no token. */
const BEEN_HERE = 'collect-been-here';

function beenHere(): boolean {
  try {
    return localStorage.getItem(BEEN_HERE) !== null;
  } catch {
    // No storage: only the API can tell.
    return true;
  }
}

function remember(signedIn: boolean) {
  try {
    if (signedIn) localStorage.setItem(BEEN_HERE, 'yes');
    else localStorage.removeItem(BEEN_HERE);
  } catch {
    // Then each visit asks.
  }
}

const tabs = new BroadcastChannel('collect-session');
tabs.onmessage = ({ data }: MessageEvent<Told>) => {
  if (data === 'signed-out') leave('');
  // Somebody signed in elsewhere, perhaps as somebody else: what is shown here is not theirs.
  else if (data === 'signed-in') location.reload();
  else if (session.phase === 'in') keep(data.access);
};

function keep(token: string) {
  access = token;
  since = Date.now();
  session.phase = 'in';
}

function leave(why: string) {
  access = null;
  session.phase = 'out';
  session.why = why;
}

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(API + path, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(body),
    cache: 'no-store',
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusalOf(response, answer);
  return answer as Record<string, unknown>;
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request('collect-refresh', work) : await work();
}

export async function signIn(username: string, password: string) {
  const answer = await inTurn(() => post('/token/', { username, password, cookie: true }));
  session.why = '';
  keep(String(answer.access));
  remember(true);
  tabs.postMessage('signed-in' satisfies Told);
}

export async function signUp(username: string, password: string, email: string) {
  await post('/auth/users/', { username, password, email });
  await signIn(username, password);
}

/** A new access token for the one that was not taken, or was about to end. */
function refresh(stale: string | null): Promise<void> {
  return inTurn(async () => {
    // Another tab was faster and has told us.
    if (access !== stale) return;
    try {
      const answer = await post('/token/refresh/', {});
      keep(String(answer.access));
      tabs.postMessage({ access: String(answer.access) } satisfies Told);
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      // 400: there is no cookie. Anything else may pass, and the cookie is still good.
      if (refusal.status !== 400 && refusal.status !== 401) throw refusal;
      remember(false);
      leave(stale ? 'Your session has ended. Sign in again; nothing that runs was stopped.' : '');
    }
  });
}

/** Whether somebody is signed in, by the cookie of an earlier visit. */
export async function resume() {
  if (!beenHere()) return leave('');
  try {
    await refresh(null);
  } catch (thrown) {
    leave(asRefusal(thrown).message);
  }
}

/** Ends this session, or all of the user's. Tells the other tabs of this browser. */
export async function signOut(everywhere: boolean) {
  await inTurn(() => post('/token/blacklist/', everywhere ? { all: true } : {}));
  remember(false);
  leave('');
  tabs.postMessage('signed-out' satisfies Told);
}

/** Nobody is signed in any more: the account is deleted. Tells the other tabs of this browser. */
export function hasLeft() {
  remember(false);
  leave('');
  tabs.postMessage('signed-out' satisfies Told);
}

/** `fetch` as whoever is signed in. */
export async function asUser(request: Request): Promise<Response> {
  if (access && Date.now() - since > FRESH_FOR) await refresh(access);
  const again = request.clone();
  const sent = access;
  const response = await fetch(signed(request, sent));
  if (response.status !== 401) return response;
  await refresh(sent);
  return access ? fetch(signed(again, access)) : response;
}

function signed(request: Request, token: string | null): Request {
  if (token) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

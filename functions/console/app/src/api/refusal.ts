// What the API says when it does not do what it was asked: its own words, ready to be shown.

export interface Problem {
  path: string;
  code: string;
  message: string;
}

export class Refusal extends Error {
  constructor(
    /** 0: the API was not reached. */
    readonly status: number,
    message: string,
    readonly code: string | null = null,
    /** Sentences by the name of a field or parameter. */
    readonly fields: Record<string, string[]> = {},
    readonly problems: Problem[] = [],
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

export const notReached = () =>
  new Refusal(0, 'The API cannot be reached. Check the connection; nothing was changed by this request if it never arrived.');

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

function fieldsOf(body: Record<string, unknown>): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, told] of Object.entries(body)) {
    if (name === 'problems' || name === 'messages' || !Array.isArray(told)) continue;
    fields[name] = told.filter((it): it is string => typeof it === 'string');
  }
  return fields;
}

export function refusalOf(response: Response, body: unknown): Refusal {
  const told = isObject(body) ? body : {};
  const fields = fieldsOf(told);
  const sentence =
    (typeof told.detail === 'string' && told.detail) ||
    (fields.non_field_errors ?? []).join(' ') ||
    Object.entries(fields)
      .map(([name, sentences]) => `${name}: ${sentences.join(' ')}`)
      .join('\n') ||
    `The API answered ${response.status}.`;
  const seconds = Number(response.headers.get('Retry-After'));
  return new Refusal(
    response.status,
    sentence,
    typeof told.code === 'string' ? told.code : null,
    fields,
    Array.isArray(told.problems) ? (told.problems as Problem[]) : [],
    seconds > 0 ? seconds : null,
  );
}

/** Anything that was thrown, as something that can be shown. */
export const asRefusal = (thrown: unknown): Refusal =>
  thrown instanceof Refusal
    ? thrown
    : thrown instanceof TypeError
      ? notReached()
      : new Refusal(0, thrown instanceof Error ? thrown.message : String(thrown));

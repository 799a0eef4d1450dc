// The template file needs the token, so that no plain link can fetch it.

import { api, askWhole } from '../../api/client';

export async function template(dataset: string) {
  const { data } = await askWhole(
    api.GET('/collect/{dataset}/template.csv', { params: { path: { dataset } }, parseAs: 'blob' }),
  );
  const link = document.createElement('a');
  link.href = URL.createObjectURL(data as unknown as Blob);
  link.download = `${dataset}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

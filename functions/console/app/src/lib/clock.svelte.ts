// The time, once a second while somebody looks: ages are shown without asking the API again.

let now = $state(Date.now());
setInterval(() => {
  if (!document.hidden) now = Date.now();
}, 1000);

export const clock = {
  get now() {
    return now;
  },
};

/** The beginning of a day, month or year as seconds: `2015-08-01`, `2015-08`, `2015`. */
export function seconds(value: string): number {
  const [year = '1970', month = '1', day = '1'] = value.split('-');
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
}

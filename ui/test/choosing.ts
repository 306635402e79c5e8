import { fireEvent, screen } from '@testing-library/svelte';

/** Chooses in a list; happy-dom does not know `:checked` of options, by which Svelte looks. */
export async function choose(testid: string, value: string) {
  const select = await screen.findByTestId<HTMLSelectElement>(testid);
  const option = [...select.options].find((one) => one.value === value);
  select.querySelector = () => option ?? null;
  await fireEvent.change(select, { target: { value } });
}

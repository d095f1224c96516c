/** One of several, chosen out of a list under its label. */
export function Choice({
  label,
  value,
  values,
  word,
  everything,
  onChoose,
}: {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  /** How a value reads. */
  readonly word: (value: string) => string;
  /** How it reads that nothing is chosen, whose value is empty; where left out, something always is. */
  readonly everything?: string;
  readonly onChoose: (value: string) => void;
}) {
  // A value of the address that nobody offers is shown all the same: it is what filters.
  const offered = value === "" || values.includes(value) ? values : [value, ...values];
  return (
    <label>
      {label}
      <select
        value={value}
        onChange={({ currentTarget }) => {
          onChoose(currentTarget.value);
        }}
      >
        {everything !== undefined && <option value="">{everything}</option>}
        {offered.map((each) => (
          <option key={each} value={each}>
            {word(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

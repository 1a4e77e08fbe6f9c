/** What a run looks like, before there is one: a few bars over a time axis. */
export function EmptyRunsPicture() {
  const bars = [
    { x: 0, width: 70, y: 4, colour: 'var(--sy-id-0)' },
    { x: 74, width: 46, y: 20, colour: 'var(--sy-id-2)' },
    { x: 74, width: 30, y: 36, colour: 'var(--sy-bad)' },
    { x: 110, width: 74, y: 36, colour: 'var(--sy-id-3)' },
    { x: 188, width: 72, y: 52, colour: 'var(--sy-id-1)' },
  ];
  return (
    <svg width="260" height="66" viewBox="0 0 260 66" aria-hidden="true" style={{ maxWidth: '100%' }}>
      {bars.map(({ x, width, y, colour }) => (
        <rect key={`${x}${y}`} x={x} y={y} width={width} height="10" rx="5" fill={colour} opacity="0.75" />
      ))}
      <path d="M0 65.5H260" stroke="var(--sy-border-strong)" />
    </svg>
  );
}

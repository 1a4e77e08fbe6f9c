/** What a test shows, before there is one: effects with their intervals around zero. */
export function EmptyTestsPicture() {
  const rows = [
    { y: 14, low: 150, high: 226, at: 190, colour: 'var(--sy-good)' },
    { y: 38, low: 96, high: 182, at: 138, colour: 'var(--sy-id-0)' },
    { y: 62, low: 40, high: 104, at: 74, colour: 'var(--sy-bad)' },
  ];
  return (
    <svg width="260" height="80" viewBox="0 0 260 80" aria-hidden="true" style={{ maxWidth: '100%' }}>
      <path d="M130 2V76" stroke="var(--sy-border-strong)" strokeDasharray="3 3" />
      {rows.map(({ y, low, high, at, colour }) => (
        <g key={y} fill={colour} stroke={colour}>
          <line x1={low} x2={high} y1={y} y2={y} strokeWidth="6" strokeLinecap="round" opacity="0.35" />
          <circle cx={at} cy={y} r="6" stroke="none" />
        </g>
      ))}
    </svg>
  );
}

/** Answers on the left, what a scorer makes of them on the right. */
export function EmptyScorersPicture() {
  const rows = [
    { y: 14, width: 92, good: true },
    { y: 50, width: 70, good: false },
    { y: 86, width: 84, good: true },
  ];
  return (
    <svg width="248" height="118" viewBox="0 0 248 118" aria-hidden="true" fill="none">
      {rows.map(({ y, width, good }) => (
        <g key={y} strokeLinecap="round">
          <rect
            x="8"
            y={y - 10}
            width="132"
            height="28"
            rx="8"
            fill="var(--sy-surface)"
            stroke="var(--sy-border-strong)"
            strokeWidth="2"
          />
          <path d={`M24 ${y + 4}h${width}`} stroke="var(--sy-border-strong)" strokeWidth="4" />
          <path d={`M152 ${y + 4}h24`} stroke="var(--sy-border-strong)" strokeWidth="2.5" strokeDasharray="1 6" />
          <rect x="188" y={y - 2} width="50" height="12" rx="6" fill="var(--sy-hover)" />
          <rect
            x="188"
            y={y - 2}
            width={good ? 44 : 14}
            height="12"
            rx="6"
            fill={good ? 'var(--sy-good)' : 'var(--sy-bad)'}
          />
        </g>
      ))}
    </svg>
  );
}

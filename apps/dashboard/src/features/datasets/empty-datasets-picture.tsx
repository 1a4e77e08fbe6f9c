/** What a dataset is, before there is one: questions with what would be right, in versions that pile up. */
export function EmptyDatasetsPicture() {
  return (
    <svg width="248" height="124" viewBox="0 0 248 124" aria-hidden="true" fill="none">
      {[28, 16, 4].map((offset, index) => (
        <g key={offset} opacity={index === 2 ? 1 : 0.45 + index * 0.2}>
          <rect
            x={20 + offset}
            y={36 - offset}
            width="180"
            height="84"
            rx="10"
            fill="var(--sy-surface)"
            stroke={index === 2 ? 'var(--sy-accent)' : 'var(--sy-border-strong)'}
            strokeWidth="2"
          />
        </g>
      ))}
      {[50, 72, 94].map((y, index) => (
        <g key={y} strokeLinecap="round" strokeWidth="4">
          <circle cx="40" cy={y} r="4" fill="var(--sy-accent)" />
          <path d={`M54 ${y}h${58 - index * 10}`} stroke="var(--sy-border-strong)" />
          <path d={`M130 ${y}h${40 - index * 6}`} stroke="var(--sy-good)" />
        </g>
      ))}
    </svg>
  );
}

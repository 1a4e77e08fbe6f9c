/** Two answers side by side, and a mark under one of them. */
export function ArenaPicture() {
  return (
    <svg width="240" height="118" viewBox="0 0 240 118" aria-hidden="true" fill="none">
      {[12, 128].map((x, index) => (
        <g key={x}>
          <rect
            x={x}
            y="6"
            width="100"
            height="78"
            rx="10"
            fill="var(--sy-surface)"
            stroke={index === 0 ? 'var(--sy-accent)' : 'var(--sy-border-strong)'}
            strokeWidth="2"
          />
          <path
            d={`M${x + 16} 28h60M${x + 16} 44h44M${x + 16} 60h${index === 0 ? 54 : 32}`}
            stroke="var(--sy-border-strong)"
            strokeWidth="4"
            strokeLinecap="round"
          />
        </g>
      ))}
      <circle cx="62" cy="102" r="11" fill="var(--sy-good-soft)" stroke="var(--sy-good)" strokeWidth="2" />
      <path
        d="m57 102 4 4 7-8"
        stroke="var(--sy-good)"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="178" cy="102" r="11" stroke="var(--sy-border-strong)" strokeWidth="2" />
    </svg>
  );
}

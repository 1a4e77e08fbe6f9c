/** What voting looks like: two answers side by side, and one of them chosen. */
export function RankingPicture() {
  return (
    <svg width="240" height="84" viewBox="0 0 240 84" aria-hidden="true" style={{ maxWidth: '100%' }}>
      <rect x="6" y="6" width="104" height="72" rx="8" fill="var(--sy-accent-soft)" stroke="var(--sy-accent)" />
      <rect x="130" y="6" width="104" height="72" rx="8" fill="var(--sy-sunken)" stroke="var(--sy-border-strong)" />
      {[22, 134 + 12].map((x) => (
        <g key={x} stroke="var(--sy-border-strong)" strokeWidth="5" strokeLinecap="round">
          <path d={`M${x} 24h68M${x} 40h74M${x} 56h44`} />
        </g>
      ))}
      <circle cx="98" cy="18" r="10" fill="var(--sy-accent)" />
      <path d="m93 18 4 4 6-8" stroke="var(--sy-surface)" strokeWidth="2.2" fill="none" strokeLinecap="round" />
    </svg>
  );
}

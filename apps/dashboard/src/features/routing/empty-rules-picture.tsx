/** What rules do, before there is one: requests part at a switch. */
export function EmptyRulesPicture() {
  return (
    <svg width="260" height="96" viewBox="0 0 260 96" aria-hidden="true" fill="none">
      <path d="M10 48h80" stroke="var(--sy-border-strong)" strokeWidth="3" strokeLinecap="round" />
      <path d="M90 48c40 0 30-30 80-30h74" stroke="var(--sy-accent)" strokeWidth="3" strokeLinecap="round" />
      <path
        d="M90 48h154M90 48c40 0 30 30 80 30h74"
        stroke="var(--sy-border-strong)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="2 7"
      />
      <circle cx="90" cy="48" r="9" fill="var(--sy-accent)" />
      <circle cx="244" cy="18" r="6" fill="var(--sy-accent)" />
      <circle cx="244" cy="48" r="6" fill="var(--sy-border-strong)" />
      <circle cx="244" cy="78" r="6" fill="var(--sy-border-strong)" />
    </svg>
  );
}

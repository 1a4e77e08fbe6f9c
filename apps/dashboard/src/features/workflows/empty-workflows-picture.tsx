/** What a workflow is, before there is one: steps that follow each other, part and meet. */
export function EmptyWorkflowsPicture() {
  const cards = [
    { x: 4, y: 36, tone: 'var(--sy-accent)' },
    { x: 104, y: 8, tone: 'var(--sy-border-strong)' },
    { x: 104, y: 64, tone: 'var(--sy-border-strong)' },
    { x: 204, y: 36, tone: 'var(--sy-good)' },
  ];
  return (
    <svg width="268" height="108" viewBox="0 0 268 108" aria-hidden="true" fill="none">
      <path
        d="M64 54c24 0 16-28 40-28M64 54c24 0 16 28 40 28M164 26c24 0 16 28 40 28M164 82c24 0 16-28 40-28"
        stroke="var(--sy-border-strong)"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
      {cards.map(({ x, y, tone }) => (
        <g key={`${x} ${y}`}>
          <rect x={x} y={y} width="60" height="36" rx="8" fill="var(--sy-surface)" stroke={tone} strokeWidth="2" />
          <circle cx={x + 14} cy={y + 18} r="5" fill={tone} />
          <path
            d={`M${x + 26} ${y + 14}h24M${x + 26} ${y + 22}h16`}
            stroke="var(--sy-border-strong)"
            strokeWidth="3"
            strokeLinecap="round"
          />
        </g>
      ))}
    </svg>
  );
}

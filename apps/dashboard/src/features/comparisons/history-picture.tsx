/** Three lanes in small: what a comparison looks like. */
export function HistoryPicture() {
  return (
    <svg width="220" height="96" viewBox="0 0 220 96" aria-hidden="true">
      {[0, 1, 2].map((lane) => (
        <g key={lane} transform={`translate(${lane * 74} 4)`}>
          <rect
            x="1"
            y="1"
            width="66"
            height="86"
            rx="8"
            fill="var(--sy-surface)"
            stroke={lane === 1 ? 'var(--sy-id-2)' : 'var(--sy-border-strong)'}
            strokeWidth={lane === 1 ? 2 : 1}
          />
          <circle cx="13" cy="14" r="4" fill={`var(--sy-id-${lane === 1 ? 2 : lane})`} />
          <rect x="22" y="11" width="30" height="6" rx="3" fill="var(--sy-border-strong)" />
          {[30, 42, 54, 66].map((y, line) => (
            <rect
              key={y}
              x="9"
              y={y}
              width={[48, 40, 50, 22 + lane * 8][line]}
              height="5"
              rx="2.5"
              fill="var(--sy-border)"
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

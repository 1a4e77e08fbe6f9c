import Link from 'next/link';

export default function NotFoundPage() {
  return (
    <main
      style={{
        minHeight: '100dvh',
        display: 'grid',
        placeContent: 'center',
        gap: 12,
        textAlign: 'center',
        padding: 24,
      }}
    >
      <h1 style={{ fontSize: 20, margin: 0 }}>This track ends here</h1>
      <p style={{ margin: 0, color: 'var(--sy-muted)' }}>There is no page at this address.</p>
      <p style={{ margin: 0 }}>
        <Link href="/compare" prefetch={false}>
          Go to Compare
        </Link>
      </p>
    </main>
  );
}

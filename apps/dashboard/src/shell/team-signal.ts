const channelName = 'switchyard.team';
/** Tells this page's messages from those of other tabs: a channel brings both. */
const ownPage = `${Date.now()}-${Math.random()}`;

/** Tells the other tabs of this browser that the session looks at another team now. */
export function tellTeamChanged(): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(ownPage);
  channel.close();
}

/** Follows what other tabs tell; returns the way to stop. */
export function onTeamChangedElsewhere(react: () => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => {};
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }) => {
    if (data !== ownPage) react();
  };
  return () => channel.close();
}

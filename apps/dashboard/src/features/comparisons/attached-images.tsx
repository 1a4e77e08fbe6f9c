'use client';

import { Button, CloseButton, FileButton, Tooltip } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { type Dispatch, useState } from 'react';
import classes from './attached-images.module.css';
import { type Draft, type DraftAction, type DraftImage, imageLimits } from './draft.ts';

function readImage(file: File): Promise<DraftImage> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => {
      const dataBase64 = String(reader.result).split(',', 2)[1] ?? '';
      resolve({
        id: `${file.name}-${file.lastModified}-${Math.random()}`,
        name: file.name,
        mediaType: file.type,
        dataBase64,
      });
    };
    reader.readAsDataURL(file);
  });
}

/** Takes files from paste, drop and the file dialog; refuses with a sentence what no vendor accepts. */
export function useImageIntake(draft: Draft, dispatch: Dispatch<DraftAction>) {
  const [problem, setProblem] = useState<string>();
  const add = async (files: File[]) => {
    const wrong = files.find((file) => !imageLimits.types.includes(file.type));
    const large = files.find((file) => file.size > imageLimits.bytes);
    const room = imageLimits.count - draft.images.length;
    if (wrong) setProblem(`${wrong.name} is not a PNG, JPEG, WebP or GIF image.`);
    else if (large) setProblem(`${large.name} is larger than 5 MB.`);
    else if (files.length > room) setProblem(`At most ${imageLimits.count} images can be sent.`);
    else setProblem(undefined);
    const good = files
      .filter((file) => imageLimits.types.includes(file.type) && file.size <= imageLimits.bytes)
      .slice(0, Math.max(0, room));
    if (good.length > 0) dispatch({ type: 'add-images', images: await Promise.all(good.map(readImage)) });
  };
  return { problem, add };
}

export function ImageButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <FileButton multiple accept={imageLimits.types.join(',')} onChange={onFiles}>
      {(props) => (
        <Tooltip label="Attach images; paste and drop work too">
          <Button
            {...props}
            variant="subtle"
            color="gray"
            size="compact-sm"
            fw={500}
            leftSection={<IconPhotoPlus size={16} />}
          >
            Image
          </Button>
        </Tooltip>
      )}
    </FileButton>
  );
}

export function AttachedImages({
  images,
  onRemove,
}: {
  images: readonly DraftImage[];
  onRemove: (id: string) => void;
}) {
  if (images.length === 0) return null;
  return (
    <ul className={classes.images} aria-label="Attached images">
      {images.map(({ id, name, mediaType, dataBase64 }) => (
        <li key={id} className={classes.image}>
          <img src={`data:${mediaType};base64,${dataBase64}`} alt={name} />
          <CloseButton
            size={24}
            iconSize={13}
            className={classes.remove}
            aria-label={`Remove image ${name}`}
            onClick={() => onRemove(id)}
          />
        </li>
      ))}
    </ul>
  );
}

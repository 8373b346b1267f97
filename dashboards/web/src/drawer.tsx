import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface Props {
  open: boolean
  titleId: string // of the heading in it, which can take the focus
  class?: string
  close: () => void
  children: ComponentChildren
}

/** A modal panel at the side; Escape, the backdrop and whatever is in it close it. */
export function Drawer({ open, titleId, class: more, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && !dialog.current?.open) {
      dialog.current?.showModal()
      // The heading, not the close button: what opened it may be a key still down.
      dialog.current?.querySelector<HTMLElement>(`#${titleId}`)?.focus()
    }
    if (!open && dialog.current?.open) dialog.current.close()
  }, [open])
  const backdrop = (e: MouseEvent) => {
    if (e.target === dialog.current) close()
  }
  return <dialog ref={dialog} class={`drawer ${more ?? ''}`} aria-labelledby={titleId} onClose={close} onClick={backdrop}>{children}</dialog>
}

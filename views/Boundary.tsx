import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  children: ReactNode;
  /** A view threw: the screen cannot go on. */
  fail(error: Error): void;
}

/** Catches what a view throws before Ink does: its overview would show source text, and what stands in the error, unmasked. */
export class Boundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error): void {
    this.props.fail(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}

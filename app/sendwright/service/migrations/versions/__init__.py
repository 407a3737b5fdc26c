"""The steps: `m0001_…` first; each names the one before it in `down_revision`."""

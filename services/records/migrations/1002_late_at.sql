-- When a clock that ends with the resolution was first missed. Whether that was before the resolution is asked of both
-- instants, so that it does not matter which of the two was heard of first.
ALTER TABLE cases ADD COLUMN late_at timestamptz;

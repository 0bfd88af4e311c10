//! JPEGs of flat blocks, of any sampling, color model and order of scans: only the mean of a block
//! is coded, with the simplest of tables, so that what a picture must decode to is plain.

/// What to build. `block` gives the mean of a component's block.
pub(in crate::image) struct Build<'a> {
    pub(in crate::image) size: (u16, u16),
    /// Sampling across and down, a component each.
    pub(in crate::image) sampling: &'a [(u8, u8)],
    pub(in crate::image) ids: &'a [u8],
    pub(in crate::image) is_progressive: bool,
    pub(in crate::image) is_interleaved: bool,
    pub(in crate::image) adobe: Option<u8>,
    /// Units between restart markers; 0 for none.
    pub(in crate::image) restart: u16,
    pub(in crate::image) block: &'a dyn Fn(usize, u32, u32) -> u8,
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        for place in (0..bits).rev() {
            self.held = self.held << 1 | (value >> place & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.held as u8);
                if self.held == 0xff {
                    self.bytes.push(0);
                }
                (self.held, self.count) = (0, 0);
            }
        }
    }

    fn fill(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }
}

pub(in crate::image) fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

impl Build<'_> {
    pub(in crate::image) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        if let Some(transform) = self.adobe {
            let adobe = [&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat();
            bytes.extend(segment(0xee, &adobe));
        }
        // All quantization by 1.
        bytes.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
        let (wide, high) = (self.size.0.to_be_bytes(), self.size.1.to_be_bytes());
        let mut frame = [&[8][..], &high, &wide, &[self.sampling.len() as u8]].concat();
        for (id, (across, down)) in self.ids.iter().zip(self.sampling) {
            frame.extend([*id, across << 4 | down, 0]);
        }
        let kind = if self.is_progressive { 0xc2 } else { 0xc0 };
        bytes.extend(segment(kind, &frame));
        // Sizes of differences 0 to 11 in codes of four bits; of the rest only the end of block.
        let sizes: Vec<u8> = (0..12).collect();
        let dc = [&[0, 0, 0, 0, 12][..], &[0; 12], &sizes].concat();
        bytes.extend(segment(0xc4, &dc));
        bytes.extend(segment(0xc4, &[&[0x10, 1][..], &[0; 15], &[0]].concat()));
        if self.restart > 0 {
            bytes.extend(segment(0xdd, &self.restart.to_be_bytes()));
        }
        let all: Vec<usize> = (0..self.sampling.len()).collect();
        if self.is_interleaved {
            self.scan(&all, &mut bytes);
        } else {
            for one in all {
                self.scan(&[one], &mut bytes);
            }
        }
        bytes.extend([0xff, 0xd9]);
        bytes
    }

    fn scan(&self, components: &[usize], bytes: &mut Vec<u8>) {
        let mut head = vec![components.len() as u8];
        for &one in components {
            head.extend([self.ids[one], 0]);
        }
        head.extend([0, if self.is_progressive { 0 } else { 63 }, 0]);
        bytes.extend(segment(0xda, &head));
        let across = self.sampling.iter().map(|it| it.0).max().unwrap();
        let down = self.sampling.iter().map(|it| it.1).max().unwrap();
        let (wide, high) = (u32::from(self.size.0), u32::from(self.size.1));
        let is_alone = components.len() == 1;
        // A scan of one component has its blocks only, in rows (T.81, A.2.2).
        let units = |side: u32, own: u8, most: u8| {
            let own = if is_alone { u32::from(own) } else { 1 };
            (side * own).div_ceil(8 * u32::from(most))
        };
        let (own_across, own_down) = self.sampling[components[0]];
        let mut bits = Bits::default();
        let mut before = [0_i32; 4];
        let mut count = 0_u32;
        for y in 0..units(high, own_down, down) {
            for x in 0..units(wide, own_across, across) {
                if self.restart > 0 && count > 0 && count.is_multiple_of(u32::from(self.restart)) {
                    bits.fill();
                    let number = (count / u32::from(self.restart) - 1) % 8;
                    bits.bytes.extend([0xff, 0xd0 + number as u8]);
                    before = [0; 4];
                }
                count += 1;
                for &one in components {
                    let (h, v) = if is_alone { (1, 1) } else { self.sampling[one] };
                    let (h, v) = (u32::from(h), u32::from(v));
                    for (row, column) in (0..v).flat_map(|row| (0..h).map(move |it| (row, it))) {
                        let mean = (self.block)(one, x * h + column, y * v + row);
                        self.put(&mut bits, mean, &mut before[one]);
                    }
                }
            }
        }
        bits.fill();
        bytes.extend(bits.bytes);
    }

    fn put(&self, bits: &mut Bits, mean: u8, before: &mut i32) {
        let mean = 8 * (i32::from(mean) - 128);
        let step = mean - *before;
        *before = mean;
        let size = 32 - step.unsigned_abs().leading_zeros();
        bits.put(size, 4);
        let code = if step < 0 {
            step + (1 << size) - 1
        } else {
            step
        };
        bits.put(code as u32, size);
        if !self.is_progressive {
            bits.put(0, 1);
        }
    }
}

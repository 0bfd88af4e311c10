use rustfft::FftPlannerScalar;
use rustfft::num_complex::Complex;

use super::*;

#[test]
fn each_lane_is_rounded_as_if_it_were_alone() {
    const LENGTH: usize = 2048;
    let signal = |lane: usize, i: usize| ((i * (lane + 3) * 37 % 1009) as f32 / 1009.0) - 0.5;
    let mut together: Vec<Complex<Lanes>> = (0..LENGTH)
        .map(|i| Complex {
            re: Lanes::new(std::array::from_fn(|lane| signal(lane, i))),
            im: Lanes::new(std::array::from_fn(|lane| signal(lane + 4, i))),
        })
        .collect();
    FftPlannerScalar::new()
        .plan_fft_forward(LENGTH)
        .process(&mut together);
    for lane in 0..LANES {
        let mut alone: Vec<Complex<f32>> = (0..LENGTH)
            .map(|i| Complex::new(signal(lane, i), signal(lane + 4, i)))
            .collect();
        FftPlannerScalar::new()
            .plan_fft_forward(LENGTH)
            .process(&mut alone);
        for (a, b) in together.iter().zip(&alone) {
            let a = (a.re.to_array()[lane], a.im.to_array()[lane]);
            assert_eq!(a, (b.re, b.im));
        }
    }
}

//! QR codes of addresses, as drawings that stay sharp at any size.

use qrcode::{EcLevel, QrCode, render::svg, types::QrError};

/// The code of an address, with a quiet zone around it. A quarter of it may be torn off or soiled, as happens to what hangs
/// on a wall.
///
/// # Errors
/// The address is longer than any code holds.
pub(crate) fn drawn(address: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::Q)?;
    Ok(code.render::<svg::Color<'_>>().build())
}

#[cfg(test)]
mod tests {
    use super::drawn;

    /// The dark rectangles of a drawing: left, top, width, height.
    fn dark(drawing: &str) -> Vec<[usize; 4]> {
        let path = drawing.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let rectangle = |text: &str| {
            let numbers: Vec<usize> = text
                .split(|c: char| !c.is_ascii_digit())
                .filter(|part| !part.is_empty())
                .map(|n| n.parse().unwrap())
                .collect();
            [numbers[0], numbers[1], numbers[2], numbers[3]]
        };
        path.split('M').filter(|part| !part.is_empty()).map(rectangle).collect()
    }

    /// What a reader of codes makes of the drawing.
    fn read(drawing: &str) -> String {
        let side: usize = drawing.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let rectangles = dark(drawing);
        let is_dark = |x: usize, y: usize| {
            rectangles.iter().any(|[left, top, width, height]| {
                (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
            })
        };
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if is_dark(x, y) { 0 } else { 255 });
        let grids = image.detect_grids();
        let [grid] = &grids[..] else { panic!("{} codes", grids.len()) };
        grid.decode().unwrap().1
    }

    #[test]
    fn a_code_reads_as_the_address_that_it_was_made_of() {
        for address in ["https://jiesu.example/survey/k7m2pq9x4t", "http://127.0.0.1:8080/hand-in?unit=b01"] {
            let drawing = drawn(address).unwrap();
            assert!(drawing.contains("<svg") && !drawing.contains("style="), "{drawing}");
            assert_eq!(read(&drawing), address);
        }
    }

    #[test]
    fn an_address_that_no_code_holds_is_refused() {
        assert!(drawn(&"a".repeat(5000)).is_err());
    }
}

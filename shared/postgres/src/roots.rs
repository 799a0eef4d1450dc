//! The roots that the database's certificate may be signed by.

use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::Error;

/// The root certificates of Amazon RDS, which are not in the public root store.
const RDS_ROOTS: &str = include_str!("../rds-roots.pem");

/// Those that are built in, and the operator's own, as PEM.
pub fn roots(own: Option<&str>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    add(&mut roots, RDS_ROOTS, "those that are built in")?;
    if let Some(own) = own {
        let added = add(&mut roots, own, "your own")?;
        if added == 0 {
            let words = "your own roots: no certificate is in them; PEM is expected";
            return Err(Error::Settings(words.to_owned()));
        }
    }
    Ok(roots)
}

/// How many there were.
fn add(roots: &mut RootCertStore, pem: &str, which: &str) -> Result<usize, Error> {
    let unusable = |what: String| Error::Settings(format!("roots, {which}: {what}"));
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    Ok(roots.len() - before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What docs/deploy.md says works without roots of one's own.
    #[rustfmt::skip]
    const REGIONS: [&str; 32] = [
        "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
        "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
        "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ca-central-1", "ca-west-1",
        "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1",
        "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1",
        "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ];

    /// An instance may have a certificate of any of these.
    const KINDS: [&str; 3] = ["RSA2048", "RSA4096", "ECC384"];

    /// The names that certificates have in them, as they are written.
    fn subjects() -> Vec<String> {
        let certificates = CertificateDer::pem_slice_iter(RDS_ROOTS.as_bytes());
        let text = |it: CertificateDer<'_>| String::from_utf8_lossy(&it).into_owned();
        certificates.map(|it| text(it.unwrap())).collect()
    }

    #[test]
    fn every_region_has_its_roots() {
        let subjects = subjects();
        for region in REGIONS {
            for kind in KINDS {
                let name = format!("Amazon RDS {region} Root CA {kind} G1");
                let found = subjects.iter().filter(|it| it.contains(&name)).count();
                assert_eq!(found, 1, "{name}");
            }
        }
        // And those of Amazon Trust Services.
        assert_eq!(subjects.len(), REGIONS.len() * KINDS.len() + 5);
        assert_eq!(roots(None).unwrap().len(), subjects.len());
    }

    #[test]
    fn no_root_is_one_of_a_trial() {
        for name in ["Beta", "Preview"] {
            assert!(subjects().iter().all(|it| !it.contains(name)), "{name}");
        }
    }

    #[test]
    fn the_page_names_the_regions_that_have_roots() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/deploy.md");
        let page = std::fs::read_to_string(page).unwrap();
        let line = page
            .lines()
            .find(|it| it.starts_with("Built in are the roots of"));
        let words = line.unwrap().split('`').skip(1).step_by(2);
        let named: BTreeSet<&str> = words.collect();
        assert_eq!(named, BTreeSet::from(REGIONS));
    }

    #[test]
    fn roots_of_ones_own_come_on_top() {
        let usual = roots(None).unwrap().len();
        let own = RDS_ROOTS
            .split_inclusive("-----END CERTIFICATE-----")
            .next();
        assert_eq!(roots(own).unwrap().len(), usual + 1);
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        for wrong in ["", "not a certificate", broken] {
            let said = roots(Some(wrong)).unwrap_err().to_string();
            assert!(said.contains("your own"), "{said}");
        }
    }
}

//! Short tags and the reference names they stand for, as `EDItEUR`'s schemas pair them.

use crate::catalog::xml::Element;

/// Every name that is read here, and every part of a product that is left unread.
const NAMES: [(&str, &str); 56] = [
    ("a001", "RecordReference"),
    ("a002", "NotificationType"),
    ("b012", "ProductForm"),
    ("b029", "Subtitle"),
    ("b030", "TitlePrefix"),
    ("b031", "TitleWithoutPrefix"),
    ("b036", "PersonName"),
    ("b037", "PersonNameInverted"),
    ("b039", "NamesBeforeKey"),
    ("b040", "KeyNames"),
    ("b041", "NamesAfterKey"),
    ("b047", "CorporateName"),
    ("b079", "ImprintName"),
    ("b081", "PublisherName"),
    ("b087", "CopyrightYear"),
    ("b202", "TitleType"),
    ("b203", "TitleText"),
    ("b221", "ProductIDType"),
    ("b233", "IDTypeName"),
    ("b244", "IDValue"),
    ("b247", "PrefixToKey"),
    ("b248", "SuffixToKey"),
    ("b291", "PublishingRole"),
    ("collateraldetail", "CollateralDetail"),
    ("collection", "Collection"),
    ("contentdetail", "ContentDetail"),
    ("contributor", "Contributor"),
    ("copyrightowner", "CopyrightOwner"),
    ("copyrightstatement", "CopyrightStatement"),
    ("descriptivedetail", "DescriptiveDetail"),
    ("epublicense", "EpubLicense"),
    ("epublicenseexpression", "EpubLicenseExpression"),
    ("epubusageconstraint", "EpubUsageConstraint"),
    ("imprint", "Imprint"),
    ("product", "Product"),
    ("productidentifier", "ProductIdentifier"),
    ("productiondetail", "ProductionDetail"),
    ("productsupply", "ProductSupply"),
    ("promotiondetail", "PromotionDetail"),
    ("publisher", "Publisher"),
    ("publishingdetail", "PublishingDetail"),
    ("relatedmaterial", "RelatedMaterial"),
    ("subject", "Subject"),
    ("titledetail", "TitleDetail"),
    ("titleelement", "TitleElement"),
    ("x318", "EpubUsageType"),
    ("x319", "EpubUsageStatus"),
    ("x409", "TitleElementLevel"),
    ("x443", "CorporateNameInverted"),
    ("x478", "TitleStatement"),
    ("x508", "EpubLicenseExpressionType"),
    ("x510", "EpubLicenseExpressionLink"),
    ("x511", "EpubLicenseName"),
    ("b035", "ContributorRole"),
    ("b034", "SequenceNumber"),
    ("x501", "NoPrefix"),
];

/// The reference name of a tag; a name that is none of ours stays as it is.
pub(super) fn reference(name: &str) -> &str {
    let pair = NAMES.iter().find(|(short, _)| *short == name);
    pair.map_or(name, |(_, reference)| reference)
}

/// Gives every element its reference name.
pub(super) fn spell_out(element: &mut Element) {
    let name = reference(&element.name).to_owned();
    element.name = name;
    element.children.iter_mut().for_each(spell_out);
}

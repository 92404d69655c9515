-- One row per CRM contact or deal that another CRM tells of too (a sync keeps them alike):
-- the CRM named first in the family is believed and this one is left out. Either may name
-- the other; a row whose twin was deleted or is not read stays.
with

objects as (

    select
        'contact' as object,
        precedence,
        platform,
        account_id,
        contact_id as object_id,
        is_archived,
        same_as_platform,
        same_as_id
    from ({{ union_rows('crm', 'contacts', 'crm_contacts') }}) as contacts
    union all
    select
        'deal' as object,
        precedence,
        platform,
        account_id,
        deal_id as object_id,
        is_archived,
        same_as_platform,
        same_as_id
    from ({{ union_rows('crm', 'deals', 'crm_deals') }}) as deals

),

pairs as (

    select
        one.object,
        one.platform as one_platform,
        one.account_id as one_account_id,
        one.object_id as one_object_id,
        one.is_archived as one_is_archived,
        other.platform as other_platform,
        other.account_id as other_account_id,
        other.object_id as other_object_id,
        other.is_archived as other_is_archived,
        one.precedence < other.precedence as one_is_believed
    from objects as one
    inner join objects as other
        on
            one.object = other.object
            and one.same_as_platform = other.platform
            and one.same_as_id = other.object_id
            and one.platform <> other.platform

),

doubled as (

    select
        object,
        other_platform as platform,
        other_account_id as account_id,
        other_object_id as object_id,
        one_platform as same_as_platform,
        one_account_id as same_as_account_id,
        one_object_id as same_as_id
    from pairs
    where one_is_believed and (other_is_archived or not one_is_archived)
    union all
    select
        object,
        one_platform as platform,
        one_account_id as account_id,
        one_object_id as object_id,
        other_platform as same_as_platform,
        other_account_id as same_as_account_id,
        other_object_id as same_as_id
    from pairs
    where not one_is_believed and (one_is_archived or not other_is_archived)

)

select
    object,
    platform,
    account_id,
    object_id,
    min(same_as_platform) as same_as_platform,
    min_by(same_as_account_id, same_as_platform || same_as_id) as same_as_account_id,
    min_by(same_as_id, same_as_platform || same_as_id) as same_as_id
from doubled
group by object, platform, account_id, object_id

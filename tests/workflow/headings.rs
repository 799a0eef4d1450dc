use serde_json::json;

use crate::fixture::client::User;

#[test]
fn columns_in_another_order_with_one_that_is_not_known() {
    let user = User::new();
    let file = concat!(
        "\u{feff}MANAGER_PHONE_NUMBER ,shoe size,\tTeam_Name, Manager_Name\r\n",
        "(1),44,Falcons,Ada\r\n",
        "(2),,Owls,Ben\r\n",
    );
    let import = user.upload("team", file.as_bytes());
    let detail = import.ends("completed");
    let warning = json!([{
        "code": "unknown_columns",
        "detail": "Columns that are not known were ignored: \"shoe size\".",
    }]);
    assert_eq!(detail["warnings"], warning);
    let page = user.get(&format!("{}rows/", import.path));
    // In the order of the file, under the dataset's own names.
    page.is(
        200,
        concat!(
            r#"{"count":2,"next":null,"previous":null,"results":["#,
            r#"{"data":{"manager_phone_number":"(1)","team_name":"Falcons","manager_name":"Ada"}},"#,
            r#"{"data":{"manager_phone_number":"(2)","team_name":"Owls","manager_name":"Ben"}}]}"#,
        ),
    );
}

#[test]
fn sales_records_keep_the_order_of_their_own_file() {
    let user = User::new();
    let heading = "Total Profit,Order Date,Region,Country,Item Type,Sales Channel,Order Priority,Order ID,Ship Date,Units Sold,Unit Price,Unit Cost,Total Revenue,Total Cost";
    let record = "0.17,8/1/2015,Europe,Cote d'Ivoire ,Snacks,Online,C,535113847,8/2/2015,1,9.50,9.33,9.5,9.33";
    let file = format!("{}\n{record}\n", heading.to_uppercase());
    let import = user.upload("baseline", file.as_bytes());
    assert_eq!(import.ends("completed")["warnings"], json!([]));
    user.get("/collect/data/").is(
        200,
        concat!(
            r#"{"count":1,"next":null,"previous":null,"results":[{"data":{"Total Profit":0.17,"#,
            r#""Order Date":"8/1/2015","Region":"Europe","Country":"Cote d'Ivoire ","#,
            r#""Item Type":"Snacks","Sales Channel":"Online","Order Priority":"C","#,
            r#""Order ID":535113847,"Ship Date":"8/2/2015","Units Sold":1,"Unit Price":9.5,"#,
            r#""Unit Cost":9.33,"Total Revenue":9.5,"Total Cost":9.33},"#,
            r#""order_placed":"2015-08-01T00:00:00Z"}]}"#,
        ),
    );
}
